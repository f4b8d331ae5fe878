//! Doorstep: store
