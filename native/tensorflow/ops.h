// The ops of this folder. Each function registers some with TensorFlow.
#pragma once

namespace ectopy {

/** EctopyLstm, EctopyGru, and their gradients. @throws OpError */
void registerRecurrentOps();

/** EctopyConv1D and EctopyConv1DGrad. @throws OpError */
void registerConv1d();

/** EctopyMoments, EctopyNormalize and EctopyNormalizeAverage, and the gradients of the latter two. @throws OpError */
void registerNormalize();

/** EctopyDropout. @throws OpError */
void registerDropout();

}  // namespace ectopy
