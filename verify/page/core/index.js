// SPDX-License-Identifier: Apache-2.0
// index: what the worker and the tests use of the second verifier.
