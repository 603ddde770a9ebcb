//! Handlers tail-call each other only where LLVM makes all of them tail calls, which takes optimisation level 2: below,
//! a trampoline runs them.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(taipan_trampoline)");
    println!("cargo::rerun-if-changed=build.rs");
    if !matches!(std::env::var("OPT_LEVEL").as_deref(), Ok("2" | "3")) {
        println!("cargo::rustc-cfg=taipan_trampoline");
    }
}
