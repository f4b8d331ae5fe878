//! Doorstep: app
