import { play as parse } from '../csv/parse-role.js';
import type { OpenReducer } from '../datasource/reduce.js';
import { openRowReducer } from '../training/row-reducer.js';
import type { Plays } from './crew.js';
import { play as encode } from './encode-role.js';
import { play as settle } from './settle-role.js';
import { play as train } from './train-role.js';

export const PLAYS: Plays = {
  parse: (data, port) => parse(data, port, openRowReducer as OpenReducer),
  encode,
  settle,
  train,
};
