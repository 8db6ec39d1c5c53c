"""The second step of a log-in: codes of an authenticator app, recovery codes, passkeys."""
