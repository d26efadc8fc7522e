"""Rules as data: load, check, bind, compose, evaluate and explain the files of the folder rules/."""
