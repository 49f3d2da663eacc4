import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { backfill } from './chapters/backfill';
import { checkpoint } from './chapters/checkpoint';
import { checkpointImport } from './chapters/checkpoint-import';
import { collect } from './chapters/collect';
import { colours } from './chapters/colours';
import { credentials } from './chapters/credentials';
import { firstRun, watch } from './chapters/first-run';
import { help } from './chapters/help';
import { inOrder } from './chapters/in-order';
import { mistakes } from './chapters/mistakes';
import { setUp } from './chapters/set-up';
import { siem } from './chapters/siem';
import { tail, tailAgain } from './chapters/tail';
import { verify } from './chapters/verify';
import { wokenUp } from './chapters/woken-up';
import { openPlace, type Place } from './place';
import type { CurrentScene } from './scene';
import { openTerminal, type Terminal } from './terminal';

describe('an operator before a terminal of 80 columns', () => {
  let place: Place | undefined;
  let terminal: Terminal | undefined;

  beforeAll(async () => {
    place = await openPlace();
  });

  beforeEach(() => {
    if (place !== undefined) terminal = openTerminal(place.folder, place.env);
  });

  afterEach(async () => {
    const everything = terminal?.everything() ?? '';
    const tooLong = terminal?.tooLong() ?? [];
    await terminal?.close();
    expect(tooLong).toEqual([]);
    expect(everything).not.toContain(simulatorCredentials.skey);
    expect(everything).not.toMatch(/\+1[ -]?\(?555/); // a phone number
    expect(everything).not.toMatch(/^\s+at .*:\d+:\d+/m); // where an error comes from
  });

  afterAll(async () => {
    await place?.close();
  });

  const scene: CurrentScene = () => {
    if (place === undefined || terminal === undefined) throw new Error('there is no place for the story');
    return { place, terminal };
  };

  // In this order: what one has done, the next one finds.
  describe('looks what there is', () => help(scene));
  describe('puts the credentials', () => credentials(scene));
  describe('deploys', () => setUp(scene));
  describe('sees the first run', () => firstRun(scene));
  describe('watches the runs', () => watch(scene));
  describe('wants the newest first', () => checkpoint(scene));
  describe('watches the records', () => tail(scene));
  describe('has caught up', () => inOrder(scene));
  describe('has days compared with Duo', () => backfill(scene));
  describe('looks for what is missing', () => verify(scene));
  describe('watches the records again', () => tailAgain(scene));
  describe('collects on this machine', () => collect(scene));
  describe("comes from Google's function", () => checkpointImport(scene));
  describe('tells the SIEM', () => siem(scene));
  describe('has colours or none', () => colours(scene));
  describe('makes mistakes', () => mistakes(scene));
  describe('is woken up', () => wokenUp(scene));
});
