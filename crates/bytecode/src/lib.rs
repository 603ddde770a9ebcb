//! Taipan bytecode.
