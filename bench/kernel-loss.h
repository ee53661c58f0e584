/* Sum of logistic losses over one pass, linear + log(product), so that most rows need no logarithm; see assembly/loss.ts. */
#include <math.h>

static double linear, product;

static inline void openLosses(void) {
  linear = 0;
  product = 1;
}

static inline double closeLosses(void) { return linear + log(product); }

static inline void addLoss(double a, double b, double omega) {
  if (omega != 1) {
    linear += omega * (a + log(b));
    return;
  }
  linear += a;
  product *= b;
  if (product > 1e200) {
    linear += log(product);
    product = 1;
  }
}

static inline void addLogisticLoss(double u, double odds, double omega) {
  if (u < -34) addLoss(-u, 1, omega);
  else addLoss(0, 1 + odds, omega);
}
