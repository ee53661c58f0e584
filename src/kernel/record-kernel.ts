/** Counts, copies, lists and renumbers row records. Addresses as `Kernel` says. */
export interface RecordKernel {
  /**
   * Count the rows that contain each feature; that of padding becomes arbitrary.
   *
   * @param head address of the table of the rows' head, 0 for none
   * @param counts u32[featureCount] (dense: [width]), added to
   */
  countSparse(rows: number, rowCount: number, head: number, counts: number): void;
  countDense(rows: number, rowCount: number, width: number, counts: number): void;

  /**
   * Copy row records; addresses and lengths are multiples of 16.
   *
   * @param moves u32[count][3]: from where, to where, how many bytes
   */
  copyRecords(moves: number, count: number): void;

  /**
   * Put sparse records that lie between two addresses on a list by their places, which stand in the last word of their headers.
   *
   * @param list u32[], written: addresses
   */
  listSparse(from: number, end: number, head: number, list: number): void;

  /**
   * List the addresses of sparse records that lie one behind the other.
   *
   * @param list u32[count], written
   * @returns address behind the last
   */
  listFollowing(from: number, count: number, head: number, list: number): number;

  /**
   * Copy sparse records, one behind the other, and give their features other numbers; those that become `PADDING_FEATURE` leave
   * the record. The last word of headers becomes 0. Copies may take the place of the records, from the first on.
   *
   * @param list u32[count], addresses; those of copied records are replaced by where the copies are
   * @param remap u32[], number → new number
   * @param end records are copied until one may not fit before it
   * @param result u32[2], written: how many were copied; the most groups of one of them, unless it holds more already
   * @returns where they end
   */
  remapSparse(
    list: number,
    count: number,
    head: number,
    remap: number,
    to: number,
    end: number,
    result: number,
  ): number;

  /**
   * Places of records that follow each other in the data and are visited in the order of a `Permutation`.
   *
   * @param first row of the first record
   * @param permutation `permutationWords`
   * @param base address of the record that is visited first
   * @param places u32[count], written: addresses
   */
  placeRows(first: number, count: number, permutation: number, base: number, recordBytes: number, places: number): void;

  /**
   * As `remapSparse`, but every record stays where it is. What is left behind the records is arbitrary.
   *
   * @param stride bytes from one record to the next
   */
  remapPlaced(from: number, count: number, stride: number, head: number, remap: number): void;
}
