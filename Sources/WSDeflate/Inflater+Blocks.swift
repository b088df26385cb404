import WSLimits

/// The blocks of a message (RFC 1951 section 3.2.3).
extension Inflater {
    /// Reads the next field, symbols or octets; returns false if that needs more input, or after a failure.
    mutating func step(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        switch state {
        case .header: readHeader(input, &offset)
        case .storedLength: readStoredLength(input, &offset)
        case .stored(let count): copyStored(count, input, &offset)
        case .codeCounts: readCodeCounts(input, &offset)
        case .codeLengthLengths: readCodeLengthLengths(input, &offset)
        case .codeLengths: readCodeLength(input, &offset)
        case .symbols: readSymbols(input, &offset)
        }
    }

    private mutating func readHeader(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        guard fill(3, input, &offset) else { return false }
        let start = bit
        let isFinal = peek(1) == 1
        guard let type = DeflatedMessage.BlockType(rawValue: UInt8(peek(2, from: 1))) else {
            return fail(.reservedBlockType, bit: start + 1)
        }
        consume(3)
        observed.blockCount += 1
        isFinalBlock = isFinal
        if isFinal { observed.finalBlockCount += 1 }
        if observed.blockCount <= Limits.messageBlocks.value {
            observed.blocks.append(DeflatedMessage.Block(type, isFinal: isFinal, bit: start, contentLength: 0))
        }
        switch type {
        case .stored:
            // RFC 1951 section 3.2.4: the bits up to the next octet are ignored.
            consume(bitCount % 8)
            state = .storedLength
        case .fixed:
            literals = DecodingTable.fixedLiteral
            distances = DecodingTable.fixedDistance
            state = .symbols
        case .dynamic: state = .codeCounts
        }
        return true
    }

    /// Ends the block.
    mutating func endBlock() {
        if isFinalBlock {
            // RFC 7692 section 7.2.1: zeros up to the next octet, then the next block.
            let padding = bitCount % 8
            let value = peek(padding)
            if value != 0, observed.paddingFault == nil { observed.paddingFault = bit + value.trailingZeroBitCount }
            consume(padding)
        }
        state = .header
    }

    private mutating func readStoredLength(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        guard fill(32, input, &offset) else { return false }
        let length = peek(16)
        guard length ^ peek(16, from: 16) == 0xFFFF else { return fail(.lengthCheck, bit: bit + 16) }
        consume(32)
        state = .stored(length)
        return true
    }

    private mutating func copyStored(_ left: Int, _ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        guard left > 0 else {
            endBlock()
            return true
        }
        // Octets that were taken into `bits` come first.
        if bitCount > 0 {
            guard end > position else { return fail(.contentLimit, bit: bit) }
            history[position] = UInt8(peek(8))
            consume(8)
            accept(1)
            state = .stored(left - 1)
            return true
        }
        guard offset < input.count else { return false }
        let count = min(left, input.count - offset, end - position)
        guard count > 0 else { return fail(.contentLimit, bit: bit) }
        for index in 0..<count { history[position + index] = input[offset + index] }
        offset += count
        taken += count
        accept(count)
        state = .stored(left - count)
        return true
    }

    /// Takes octets that stand at `position` as content.
    mutating func accept(_ count: Int) {
        position += count
        observed.contentLength += count
        let index = observed.blockCount - 1
        if index < Limits.messageBlocks.value { observed.blocks[index].contentLength += count }
    }
}
