//! Use cases and DTOs: the one surface that the shell and the stories call.

pub mod dto;
