/**
 * Loss landscapes (Li et al., 2018, arXiv 1712.09913) and sharpness of quantised networks: the loss
 * at weights that are not codes, its gradient, its Hessian.
 */
package org.bitquake.landscape;
