"""medsem"""
