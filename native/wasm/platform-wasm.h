// What the module's functions need of its platform besides platform.h.
#pragma once

namespace ectopy {

/** Chooses the number of threads, before the first operation. */
void chooseThreads(int count);

/** Waits until the pool starts its thread of this number, from 0, and becomes that thread: it never returns. */
void runStartedThread(int index);

}  // namespace ectopy
