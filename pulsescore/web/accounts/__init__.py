"""Signing up, logging in, passwords, invitations and choosing an organization."""
