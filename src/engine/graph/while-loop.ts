/**
 * A loop inside a graph, made of TensorFlow's control-flow nodes (Enter, Merge, Switch, NextIteration, Exit;
 * "Implementation of Control Flow in TensorFlow", 2017). The loop has the nodes of its body once; unrolling would
 * repeat them in each iteration.
 */
import { after, type, type Attribute, type Dtype, type GraphBuilder, type Output } from "./graph-builder.ts";

export interface Typed {
  value: Output;
  dtype: Dtype;
}

export interface Loop {
  /** Name of the loop, unique in the graph. */
  name: string;
  /** Variables: their values before the first iteration. */
  start: readonly Typed[];
  /** Constants of every iteration. The body must use no other value from outside. */
  constant: readonly Typed[];
  /** Returns a bool: whether another iteration follows. */
  condition: (variables: readonly Output[], constants: readonly Output[]) => Output;
  /** One iteration. @returns the next values, and nodes that must be done before the next iteration begins */
  body: (
    variables: readonly Output[],
    constants: readonly Output[],
  ) => { next: readonly Output[]; done: readonly Output[] };
}

/** Adds a loop. @returns values of the variables after the last iteration; all `done` nodes have finished by then */
export function addWhileLoop(graph: GraphBuilder, { name, start, constant, condition, body }: Loop): Output[] {
  const enter = ({ value, dtype }: Typed, isConstant: boolean): Output =>
    graph.add("Enter", [value], {
      T: type(dtype),
      frame_name: { kind: "string", value: name },
      is_constant: { kind: "bool", value: isConstant },
      // Each iteration needs the previous one: parallel iterations would only cost memory.
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
  const continues = graph.add("LoopCond", [condition(merged, constants)]);
  const switched = merged.map((value, i) => graph.add("Switch", [value, continues], { T: type(start[i].dtype) }));
  const { next, done } = body(
    switched.map((output) => `${output}:1`),
    constants,
  );
  next.forEach((value, i) =>
    graph.add("NextIteration", [value, ...done.map(after)], { T: type(start[i].dtype) }, nextName(i)),
  );
  return switched.map((output, i) => graph.add("Exit", [output], { T: type(start[i].dtype) }));
}
