#include "op.h"

namespace ectopy {
namespace {

std::string text(const Shape& shape) {
  std::string out = "[";
  for (const int64_t size : shape) {
    if (out.size() > 1) out += ", ";
    out += size < 0 ? "any" : std::to_string(size);
  }
  return out + "]";
}

}  // namespace

void Tensor::expectShape(const char* name, const Shape& expected) const {
  bool same = shape_.size() == expected.size();
  for (size_t i = 0; same && i < shape_.size(); i++) {
    const int64_t size = expected[i];
    same = size < 0 || size == shape_[i];
  }
  if (!same) throw OpError(std::string(name) + " has the shape " + text(shape_) + ", not " + text(expected));
}

TF_Tensor* OpContext::input(int index) const {
  Status status;
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context_, index, &tensor, status);
  status.check();
  return tensor;
}

TF_Tensor* OpContext::output(int index, const Shape& shape) const {
  size_t bytes = sizeof(float);
  for (const int64_t size : shape) bytes *= static_cast<size_t>(size);
  Status status;
  TF_Tensor* tensor =
      TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes, status);
  status.check();
  return tensor;
}

bool OpAttributes::boolean(const char* name) const {
  Status status;
  unsigned char value = 0;
  TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status);
  status.check();
  return value != 0;
}

int64_t OpAttributes::integer(const char* name) const {
  Status status;
  int64_t value = 0;
  TF_OpKernelConstruction_GetAttrInt64(construction_, name, &value, status);
  status.check();
  return value;
}

float OpAttributes::real(const char* name) const {
  Status status;
  float value = 0;
  TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status);
  status.check();
  return value;
}

void registerOp(const OpSignature& signature, const KernelFunctions& functions) {
  Status status;
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(signature.name);
  for (const char* attribute : signature.attributes) TF_OpDefinitionBuilderAddAttr(op, attribute);
  for (const char* input : signature.inputs) TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* output : signature.outputs) TF_OpDefinitionBuilderAddOutput(op, output);
  // Shapes are checked as the op is run, where they are known.
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(op, status);
  status.check();
  TF_KernelBuilder* kernel =
      TF_NewKernelBuilder(signature.name, "CPU", functions.create, functions.compute, functions.destroy);
  TF_RegisterKernelBuilder(signature.name, kernel, status);
  status.check();
}

void fail(TF_OpKernelConstruction* construction, const char* message) {
  Status status;
  TF_SetStatus(status, TF_INVALID_ARGUMENT, message);
  TF_OpKernelConstruction_Failure(construction, status);
}

void fail(TF_OpKernelContext* context, const char* message) {
  Status status;
  TF_SetStatus(status, TF_INVALID_ARGUMENT, message);
  TF_OpKernelContext_Failure(context, status);
}

}  // namespace ectopy
