//! Any RFC 6749 and RFC 7636 server, not only X.
