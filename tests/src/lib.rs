//! Stories across the crates: builders, a fixed clock, and tests that tell what happened to whom.
