//! Doorstep: domain
