//! Each way a request can go.
