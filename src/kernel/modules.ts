/** The two builds of the WebAssembly module; same code. */
export interface KernelModules {
  /** For memory that one thread owns: parsing, prediction. */
  readonly plain: WebAssembly.Module;
  /** For shared memory: training. */
  readonly shared: WebAssembly.Module;
}
