/** Accounts are compared by their key: the same account is written differently from chain to chain. */
import { describeValue, VedetteError } from '@vedette/contract';
import type { Codec } from '@polkadot/types/types';
import { u8aEq, u8aToHex } from '@polkadot/util';
import { decodeAddress } from '@polkadot/util-crypto/address';

export class Account {
  readonly key: Uint8Array;
  /** `0x` and the key. */
  readonly hex: string;

  /** `text`: an SS58 address of any chain, or the key as 0x digits. Throws SOURCE_UNSUPPORTED. */
  constructor(text: string) {
    try {
      this.key = decodeAddress(text);
    } catch (cause) {
      throw new VedetteError('SOURCE_UNSUPPORTED', `${describeValue(text)} is no account address`, { cause });
    }
    this.hex = u8aToHex(this.key);
  }

  is(other: Codec): boolean {
    return u8aEq(other.toU8a(), this.key);
  }
}
