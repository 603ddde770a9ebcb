//! Handlers tail-call each other only where LLVM makes tail calls: at optimisation level 0 a trampoline runs them.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(taipan_trampoline)");
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("OPT_LEVEL").as_deref() == Ok("0") {
        println!("cargo::rustc-cfg=taipan_trampoline");
    }
}
