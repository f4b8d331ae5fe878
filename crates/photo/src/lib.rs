//! Doorstep: photo
