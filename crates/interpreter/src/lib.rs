//! Taipan interpreter.
