/// What the decoder leaves to its user or does otherwise, each with the reason; findings are in Reports/findings.md.
let intendedDifferences: [(rule: StaticString, reason: StaticString)] = [
    ("reserved-bits", "handed out, so that an extension's handler can give them a meaning"),
    ("reserved-opcode", "handed out; its user closes"),
    ("unmasked-client-frame", "the decoder does not know which side it is on; its user checks maskKey"),
    ("masked-server-frame", "the decoder does not know which side it is on; its user checks maskKey"),
]
