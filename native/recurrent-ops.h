// The ops EctopyLstm and EctopyGru, and their gradients EctopyLstmGrad and EctopyGruGrad.
#pragma once

namespace ectopy {

/** @throws OpError */
void registerRecurrentOps();

}  // namespace ectopy
