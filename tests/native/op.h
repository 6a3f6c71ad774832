// Makes TensorFlow ops of C++ functions.
#pragma once

#include <string>
#include <vector>

#include "tensorflow-c.h"

namespace ectopy {

/** Whatever keeps an op from being registered, made or computed; TensorFlow reports it where the op is run. */
class OpError {
 public:
  explicit OpError(std::string message) : message_(std::move(message)) {}
  const char* message() const { return message_.c_str(); }

 private:
  std::string message_;
};

class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  operator TF_Status*() { return status_; }
  /** @throws OpError */
  void check() const {
    if (TF_GetCode(status_) != TF_OK) throw OpError(TF_Message(status_));
  }

 private:
  TF_Status* status_;
};

using Shape = std::vector<int64_t>;

/** A tensor in the host's memory: float32 but for seeds, which are int32. */
class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {
    for (int i = 0; i < TF_NumDims(tensor); i++) shape_.push_back(TF_Dim(tensor, i));
  }
  ~Tensor() { TF_DeleteTensor(tensor_); }
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;

  const Shape& shape() const { return shape_; }
  float* data() const { return static_cast<float*>(TF_TensorData(tensor_)); }
  const int32_t* integers() const { return static_cast<const int32_t*>(TF_TensorData(tensor_)); }

  /** @throws OpError unless its shape is this one; -1: any number. */
  void expectShape(const char* name, const Shape& expected) const;

 private:
  TF_Tensor* tensor_;
  Shape shape_;
};

/** The inputs and outputs of one call. */
class OpContext {
 public:
  explicit OpContext(TF_OpKernelContext* context) : context_(context) {}
  /** @throws OpError */
  TF_Tensor* input(int index) const;
  /** Its values are not set. @throws OpError */
  TF_Tensor* output(int index, const Shape& shape) const;

 private:
  TF_OpKernelContext* context_;
};

/** The attributes of an op in a graph. */
class OpAttributes {
 public:
  explicit OpAttributes(TF_OpKernelConstruction* construction) : construction_(construction) {}
  /** @throws OpError */
  bool boolean(const char* name) const;
  int64_t integer(const char* name) const;
  float real(const char* name) const;

 private:
  TF_OpKernelConstruction* construction_;
};

/** An op as it is registered with TensorFlow; specifications as in tensorflow/c/ops.h, such as "x: float" and "keep: bool". */
struct OpSignature {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  std::vector<const char*> attributes;
};

struct KernelFunctions {
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*destroy)(void*);
};

/** @throws OpError */
void registerOp(const OpSignature& signature, const KernelFunctions& functions);

void fail(TF_OpKernelConstruction* construction, const char* message);
void fail(TF_OpKernelContext* context, const char* message);

/**
 * Registers an op and its kernel for the processor.
 * @tparam Op made of OpAttributes, one for each node; compute(OpContext) may be called by several threads at once
 * @throws OpError
 */
template <typename Op>
void registerOp(const OpSignature& signature) {
  registerOp(
      signature,
      {[](TF_OpKernelConstruction* construction) -> void* {
         try {
           return new Op(OpAttributes(construction));
         } catch (const OpError& error) {
           fail(construction, error.message());
           return nullptr;
         }
       },
       [](void* op, TF_OpKernelContext* context) {
         try {
           static_cast<const Op*>(op)->compute(OpContext(context));
         } catch (const OpError& error) {
           fail(context, error.message());
         }
       },
       [](void* op) { delete static_cast<Op*>(op); }});
}

}  // namespace ectopy
