/**
 * Activations in WGSL, by the polynomials of native/activations.h: a driver's own functions differ from one another, some
 * by 1e-5. What is not a number stays so: a training that diverges must show it.
 */
import { activations, type Activation } from "../../../contract/domain/networks.ts";

/** eˣ, sigmoid and tanh. */
export const EXPONENTIALS = `
fn limited(x: f32, low: f32, high: f32) -> f32 {
  let above = select(x, low, x < low);
  return select(above, high, above > high);
}

fn exponential(value: f32) -> f32 {
  let x = limited(value, -87.0, 88.0);
  let whole = floor(x * 1.44269504088896341 + 0.5);
  let r = x - whole * 0.693359375 + whole * 2.12194440e-4;
  var p = r * 1.9875691500e-4 + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  p = p * (r * r) + r + 1.0;
  return p * bitcast<f32>((i32(whole) + 127) << 23u);
}

fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exponential(-x)); }

fn hyperbolic_tangent(value: f32) -> f32 {
  let x = limited(value, -7.90531110763549805, 7.90531110763549805);
  let s = x * x;
  var p = s * -2.76076847742355e-16 + 2.00018790482477e-13;
  p = p * s - 8.60467152213735e-11;
  p = p * s + 5.12229709037114e-08;
  p = p * s + 1.48572235717979e-05;
  p = p * s + 6.37261928875436e-04;
  p = p * s + 4.89352455891786e-03;
  var q = s * 1.19825839466702e-06 + 1.18534705686654e-04;
  q = q * s + 2.26843463243900e-03;
  q = q * s + 4.89352518554385e-03;
  return x * p / q;
}
`;

/** Functions that {@link activated} and {@link activationGradient} use. */
export const ACTIVATIONS = `${EXPONENTIALS}
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543773;
const HALF_ROOT = 0.70710678118654752;
const DENSITY = 0.39894228040143268;

fn relu(x: f32) -> f32 { return select(x, 0.0, x < 0.0); }

fn exponential_minus_1(x: f32) -> f32 {
  let t = hyperbolic_tangent(x * 0.5);
  return select(2.0 * t / (1.0 - t), exponential(x) - 1.0, x < -8.0);
}

fn error_function(value: f32) -> f32 {
  let x = limited(value, -4.0, 4.0);
  let s = x * x;
  var p = s * -2.72614225801306e-10 + 2.77068142495902e-08;
  p = p * s - 2.10102402082508e-06;
  p = p * s - 5.69250639462346e-05;
  p = p * s - 7.34990630326855e-04;
  p = p * s - 2.95459980854025e-03;
  p = p * s - 1.60960333262415e-02;
  var q = s * -1.45660718464996e-05 - 2.13374055278905e-04;
  q = q * s - 1.68282697438203e-03;
  q = q * s - 7.37332916720468e-03;
  q = q * s - 1.42647390514189e-02;
  return x * p / q;
}

fn elu(x: f32) -> f32 { return select(x, exponential_minus_1(x), x < 0.0); }
fn selu(x: f32) -> f32 {
  return select(x * SELU_SCALE, exponential_minus_1(x) * (SELU_SCALE * SELU_ALPHA), x < 0.0);
}
fn gelu(x: f32) -> f32 { return x * (error_function(x * HALF_ROOT) + 1.0) * 0.5; }
fn swish(x: f32) -> f32 { return x * sigmoid(x); }

fn relu_gradient(d: f32, kept: f32) -> f32 { return select(0.0, d, kept > 0.0); }
fn elu_gradient(d: f32, kept: f32) -> f32 { return select(d, d * (kept + 1.0), kept < 0.0); }
fn selu_gradient(d: f32, kept: f32) -> f32 {
  return select(d * SELU_SCALE, d * (kept + SELU_SCALE * SELU_ALPHA), kept < 0.0);
}
fn gelu_gradient(d: f32, kept: f32) -> f32 {
  let distribution = (error_function(kept * HALF_ROOT) + 1.0) * 0.5;
  return d * (distribution + kept * exponential(kept * kept * -0.5) * DENSITY);
}
fn swish_gradient(d: f32, kept: f32) -> f32 {
  let s = sigmoid(kept);
  return d * (s + kept * s * (1.0 - s));
}
fn tanh_gradient(d: f32, kept: f32) -> f32 { return d * (1.0 - kept * kept); }
fn sigmoid_gradient(d: f32, kept: f32) -> f32 { return d * kept * (1.0 - kept); }
`;

const FUNCTIONS: Readonly<Record<Exclude<Activation, "linear">, string>> = {
  relu: "relu",
  elu: "elu",
  selu: "selu",
  gelu: "gelu",
  swish: "swish",
  tanh: "hyperbolic_tangent",
  sigmoid: "sigmoid",
};

/** Returns the WGSL of an activation. @param code its position in the contract's list */
export function activated(code: number, x: string): string {
  const activation = activations[code];
  return activation === "linear" ? x : `${FUNCTIONS[activation]}(${x})`;
}

/** Returns the WGSL of a gradient through an activation. @param kept input or output, as the plan keeps it */
export function activationGradient(code: number, d: string, kept: string): string {
  const activation = activations[code];
  return activation === "linear" ? d : `${activation}_gradient(${d}, ${kept})`;
}
