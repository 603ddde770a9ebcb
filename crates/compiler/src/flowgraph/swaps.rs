//! `SWAP`s: shorter runs of them, and none where the instructions behind can change places.

use super::{BlockId, Graph, Instr};
use taipan_bytecode::Opcode;

/// Instructions that may change places: they take the top of the stack and nothing else, and can
/// neither raise nor jump.
fn is_swappable(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::STORE_FAST | Opcode::STORE_FAST_MAYBE_NULL | Opcode::POP_TOP)
}

fn stores_to(instr: &Instr) -> Option<u32> {
    match instr.opcode {
        Opcode::STORE_FAST | Opcode::STORE_FAST_MAYBE_NULL => Some(instr.oparg),
        _ => None,
    }
}

/// The next instruction that may change places; if a line is given, on that line.
fn next_swappable(instrs: &[Instr], after: usize, lineno: Option<i32>) -> Option<usize> {
    for (at, instr) in instrs.iter().enumerate().skip(after + 1) {
        // Names must not be bound in another order as seen by tracing.
        if lineno.is_some_and(|lineno| instr.loc.lineno != lineno) {
            return None;
        }
        if instr.opcode == Opcode::NOP {
            continue;
        }
        return is_swappable(instr.opcode).then_some(at);
    }
    None
}

/// Replaces the run of `SWAP`s and `NOP`s that begins at `start` by the shortest with the same
/// effect. Gives the last index of the run.
fn shorten_run(instrs: &mut [Instr], start: usize) -> usize {
    let run = instrs[start..].iter().take_while(|instr| matches!(instr.opcode, Opcode::SWAP | Opcode::NOP)).count();
    let run = &mut instrs[start..start + run];
    let is_swap = |instr: &&Instr| instr.opcode == Opcode::SWAP;
    if run.iter().filter(is_swap).count() < 2 {
        return start;
    }
    let depth = run.iter().filter(is_swap).map(|instr| instr.oparg as usize).max().unwrap_or(0);
    // What the run does to a stack, the top first.
    let mut stack: Vec<usize> = (0..depth).collect();
    for swap in run.iter().filter(is_swap) {
        stack.swap(0, swap.oparg as usize - 1);
    }
    // Each cycle of the permutation is done by swaps with the top; written from the end.
    const VISITED: usize = usize::MAX;
    let mut current = run.len();
    for i in 0..depth {
        if stack[i] == VISITED || stack[i] == i {
            continue;
        }
        let mut j = i;
        loop {
            if j != 0 {
                current -= 1;
                run[current].set(Opcode::SWAP, j as u32 + 1);
            }
            if stack[j] == VISITED {
                break;
            }
            j = std::mem::replace(&mut stack[j], VISITED);
        }
    }
    run[..current].iter_mut().for_each(Instr::set_nop);
    start + run.len() - 1
}

/// Lets instructions change places instead of what they take from the stack, for the `SWAP`s up to
/// index `last`.
fn apply_static(instrs: &mut [Instr], last: usize) {
    for at in (0..=last).rev() {
        let swap = instrs[at];
        if swap.opcode != Opcode::SWAP {
            if swap.opcode == Opcode::NOP || is_swappable(swap.opcode) {
                continue;
            }
            return;
        }
        let Some(j) = next_swappable(instrs, at, None) else { return };
        let lineno = instrs[j].loc.lineno;
        let lineno = (lineno >= 0).then_some(lineno);
        let mut k = j;
        for _ in 1..swap.oparg {
            match next_swappable(instrs, k, lineno) {
                Some(next) => k = next,
                None => return,
            }
        }
        // Two stores to one variable, or one between them, would tell the difference.
        let (store_j, store_k) = (stores_to(&instrs[j]), stores_to(&instrs[k]));
        if store_j.is_some() || store_k.is_some() {
            if store_j == store_k {
                return;
            }
            let conflict = instrs[j + 1..k].iter().any(|instr| {
                let store = stores_to(instr);
                store.is_some() && (store == store_j || store == store_k)
            });
            if conflict {
                return;
            }
        }
        instrs[at].set_nop();
        instrs.swap(j, k);
    }
}

impl Graph {
    pub(super) fn optimize_swaps(&mut self, id: BlockId) {
        let instrs = &mut self.block_mut(id).instrs;
        let mut at = 0;
        while at < instrs.len() {
            if instrs[at].opcode == Opcode::SWAP {
                at = shorten_run(instrs, at);
                apply_static(instrs, at);
            }
            at += 1;
        }
    }
}
