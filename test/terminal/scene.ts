import type { Place } from './place';
import type { Terminal } from './terminal';

/** What a test of the story has before it. */
export interface Scene {
  readonly place: Place;
  /** A terminal of its own, opened for this test. */
  readonly terminal: Terminal;
}

/** The scene of the test that is running. */
export type CurrentScene = () => Scene;

/** A part of the story; the parts before it have happened. */
export type Chapter = (scene: CurrentScene) => void;
