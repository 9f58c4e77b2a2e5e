//! The second reading of an expression: its text.

use crate::base::cell::push_number;
use crate::model::expr::{Node, NotAdjacent, Resolve};
use crate::model::op::{EQ, Op};

pub(super) fn render(node: &Node, to: &dyn Resolve, min: u8, out: &mut String) -> Result<(), NotAdjacent> {
    match node {
        Node::Int(v) => push_number(*v, out),
        Node::Blank => out.push_str("\"\""),
        Node::True => out.push_str("TRUE"),
        Node::Ref(sym, anchor) => to.one(*sym, *anchor, out),
        Node::Range(syms) => to.range(syms, out).ok_or_else(|| NotAdjacent(syms.clone()))?,
        Node::Column(sym) => to.column(*sym, out).ok_or_else(|| NotAdjacent(vec![*sym]))?,
        Node::Words(list) => to.words(*list, out),
        Node::Bin(op, a, b) => {
            render_pair(op, a, b, to, min, out)?;
        }
        Node::Call(func, args) => render_call(func.excel, args, to, out)?,
        Node::If(parts) => render_call("IF", parts.as_ref(), to, out)?,
        Node::Choose(number, parts) => {
            out.push_str("CHOOSE(");
            render(number, to, 0, out)?;
            for part in parts {
                out.push(',');
                render(part, to, 0, out)?;
            }
            out.push(')');
        }
        Node::Match(cell, list) => {
            out.push_str("MATCH(");
            render(cell, to, 0, out)?;
            out.push(',');
            to.words(*list, out);
            out.push_str(",0)");
        }
        Node::Same(parts) => {
            let [a, b] = parts.as_ref();
            render_pair(&EQ, a, b, to, min, out)?;
        }
    }
    Ok(())
}

/// Left-associative, as a spreadsheet reads: the right side needs more power.
fn render_pair(
    op: &Op,
    a: &Node,
    b: &Node,
    to: &dyn Resolve,
    min: u8,
    out: &mut String,
) -> Result<(), NotAdjacent> {
    let open = op.power < min;
    if open {
        out.push('(');
    }
    render(a, to, op.power, out)?;
    out.push_str(op.excel);
    render(b, to, op.power + 1, out)?;
    if open {
        out.push(')');
    }
    Ok(())
}

fn render_call(name: &str, args: &[Node], to: &dyn Resolve, out: &mut String) -> Result<(), NotAdjacent> {
    out.push_str(name);
    for (at, arg) in args.iter().enumerate() {
        out.push(if at == 0 { '(' } else { ',' });
        render(arg, to, 0, out)?;
    }
    out.push(')');
    Ok(())
}
