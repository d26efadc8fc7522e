"""Offers of posts to workers: who fits which post (`fit`, `pairs`) and who is offered which (`solve`).

Nothing here reads a clock, a database or a file. Workers and posts are numbered 0..n-1 and 0..m-1 by their
place in the caller's lists; ties go to the lower number, so that the same input gives the same offers on
any machine.
"""
