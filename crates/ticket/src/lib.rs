//! Doorstep: ticket
