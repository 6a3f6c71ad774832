/**
 * A loop inside a graph, of TensorFlow's control-flow nodes (Enter, Merge, Switch, NextIteration, Exit; "Implementation of
 * Control Flow in TensorFlow", 2017): each iteration costs a few nodes, where unrolling would cost all of them anew.
 */
import { after, type, type Attribute, type Dtype, type GraphBuilder, type Output } from "./graph-builder.ts";

export interface Typed {
  value: Output;
  dtype: Dtype;
}

export interface Loop {
  /** Of the loop; no other in the graph has it. */
  name: string;
  /** What changes: values before the first iteration. */
  start: readonly Typed[];
  /** What every iteration reads. Nothing else from outside may be used inside. */
  constant: readonly Typed[];
  /** A bool: whether to go on. */
  condition: (variables: readonly Output[], constants: readonly Output[]) => Output;
  /** One iteration. @returns the next values, and what must have been done before the next iteration begins */
  body: (
    variables: readonly Output[],
    constants: readonly Output[],
  ) => { next: readonly Output[]; done: readonly Output[] };
}

/** @returns the variables' values when the condition no longer holds; all that was to be done has been done by then */
export function addWhileLoop(graph: GraphBuilder, { name, start, constant, condition, body }: Loop): Output[] {
  const enter = ({ value, dtype }: Typed, isConstant: boolean): Output =>
    graph.add("Enter", [value], {
      T: type(dtype),
      frame_name: { kind: "string", value: name },
      is_constant: { kind: "bool", value: isConstant },
      // Each iteration needs the one before: more than one at a time would only hold memory.
      parallel_iterations: { kind: "int", value: 1 },
    });
  const constants = constant.map((typed) => enter(typed, true));
  const nextName = (i: number): string => `${name}/next/${i}`;
  const merged = start.map((typed, i) =>
    graph.add("Merge", [enter(typed, false), nextName(i)], {
      T: type(typed.dtype),
      N: { kind: "int", value: 2 },
    } satisfies Record<string, Attribute>),
  );
  const goesOn = graph.add("LoopCond", [condition(merged, constants)]);
  const switched = merged.map((value, i) => graph.add("Switch", [value, goesOn], { T: type(start[i].dtype) }));
  const { next, done } = body(
    switched.map((output) => `${output}:1`),
    constants,
  );
  next.forEach((value, i) =>
    graph.add("NextIteration", [value, ...done.map(after)], { T: type(start[i].dtype) }, nextName(i)),
  );
  return switched.map((output, i) => graph.add("Exit", [output], { T: type(start[i].dtype) }));
}
