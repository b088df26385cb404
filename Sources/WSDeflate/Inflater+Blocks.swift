extension Inflater {
    /// The codes of a dynamic block while they are read (RFC 1951 section 3.2.7).
    struct DynamicHeader {
        var literalCount = 0
        var distanceCount = 0
        var codeLengthCount = 0
        /// How many code lengths were read.
        var count = 0
        /// The bit at which the code lengths begin that are being read.
        var bit = 0
        var lengths: [UInt8] = []
        var table = DecodingTable()
    }

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
        if observed.blockCount <= DeflatedMessage.blocksKept {
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
    private mutating func endBlock() {
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
    private mutating func accept(_ count: Int) {
        position += count
        observed.contentLength += count
        let index = observed.blockCount - 1
        if index < DeflatedMessage.blocksKept { observed.blocks[index].contentLength += count }
    }

    // MARK: Dynamic codes

    private mutating func readCodeCounts(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        guard fill(14, input, &offset) else { return false }
        header.literalCount = peek(5) + 257
        header.distanceCount = peek(5, from: 5) + 1
        header.codeLengthCount = peek(4, from: 10) + 4
        guard header.literalCount <= 286 else { return fail(.literalCodeCount(header.literalCount), bit: bit) }
        guard header.distanceCount <= 30 else { return fail(.distanceCodeCount(header.distanceCount), bit: bit + 5) }
        consume(14)
        header.bit = bit
        header.count = 0
        header.lengths.removeAll(keepingCapacity: true)
        header.lengths.append(contentsOf: repeatElement(0, count: 19))
        state = .codeLengthLengths
        return true
    }

    private mutating func readCodeLengthLengths(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        while header.count < header.codeLengthCount {
            guard fill(3, input, &offset) else { return false }
            header.lengths[DeflateFormat.codeLengthOrder[header.count]] = UInt8(peek(3))
            header.count += 1
            consume(3)
        }
        let flaw = header.table.build(
            header.lengths[...],
            templates: DecodingTable.codeLengths,
            mostBits: 7,
            allowsFewCodes: false
        )
        if let flaw { return fail(flaw.kind(.codeLength), bit: header.bit) }
        header.bit = bit
        header.count = 0
        header.lengths.append(contentsOf: repeatElement(0, count: 286 + 30 - 19))
        state = .codeLengths
        return true
    }

    private mutating func readCodeLength(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        let total = header.literalCount + header.distanceCount
        while header.count < total {
            _ = fill(14, input, &offset)
            let entry = header.table.entries[peek(header.table.primaryBits)]
            let symbol = Int(entry >> 16)
            let codeBits = Int(entry & 0xFF)
            guard bitCount >= codeBits else { return false }
            if symbol < 16 {
                header.lengths[header.count] = UInt8(symbol)
                header.count += 1
                consume(codeBits)
                continue
            }
            let (least, extraBits): (Int, Int) =
                switch symbol {
                case 16: (3, 2)
                case 17: (3, 3)
                default: (11, 7)
                }
            if symbol == 16, header.count == 0 { return fail(.repetitionOfNothing, bit: bit) }
            guard bitCount >= codeBits + extraBits else { return false }
            let count = least + peek(extraBits, from: codeBits)
            guard header.count + count <= total else { return fail(.repetitionBeyondEnd, bit: bit) }
            let length = symbol == 16 ? header.lengths[header.count - 1] : 0
            for index in header.count..<(header.count + count) { header.lengths[index] = length }
            header.count += count
            consume(codeBits + extraBits)
        }
        return buildCodes()
    }

    private mutating func buildCodes() -> Bool {
        guard header.lengths[DeflateFormat.endOfBlock] > 0 else { return fail(.noEndOfBlock, bit: header.bit) }
        let border = header.literalCount
        var flaw = literals.build(
            header.lengths[..<border],
            templates: DecodingTable.literals,
            mostBits: 10,
            allowsFewCodes: true
        )
        if let flaw { return fail(flaw.kind(.literal), bit: header.bit) }
        flaw = distances.build(
            header.lengths[border..<(border + header.distanceCount)],
            templates: DecodingTable.distances,
            mostBits: 8,
            allowsFewCodes: true
        )
        if let flaw { return fail(flaw.kind(.distance), bit: header.bit) }
        state = .symbols
        return true
    }

    // MARK: Symbols

    /// Reads symbols, the usual ones in the fast loop and one in any case; returns as `step` does.
    private mutating func readSymbols(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        var loop = SymbolLoop(
            bits: bits,
            bitCount: bitCount,
            input: offset,
            position: position,
            largestDistance: observed.largestDistance,
            reach: observed.reach
        )
        let isUsual = overruns == .observed && observed.overrun != nil
        let bounds = SymbolLoop.Bounds(
            floor: floor,
            messageStart: messageStart,
            largestDistance: isUsual ? DeflateFormat.largestDistance : window,
            end: end
        )
        let isEndOfBlock = loop.run(input, &history, literals, distances, bounds)
        taken += loop.input - offset
        offset = loop.input
        bits = loop.bits
        bitCount = loop.bitCount
        observed.largestDistance = loop.largestDistance
        observed.reach = loop.reach
        accept(loop.position - position)
        if isEndOfBlock {
            endBlock()
            return true
        }
        return roomLeft > DeflateFormat.longestMatch ? readSymbol(input, &offset) : true
    }

    /// Reads a literal, a match or the end of the block.
    private mutating func readSymbol(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        _ = fill(48, input, &offset)
        guard let symbol = entry(of: literals, from: 0) else { return false }
        if symbol.flags & DecodingTable.Entry.literal != 0 {
            guard end > position else { return fail(.contentLimit, bit: bit) }
            history[position] = UInt8(symbol.base & 0xFF)
            consume(symbol.codeBits)
            accept(1)
            return true
        }
        if symbol.flags & DecodingTable.Entry.exceptional != 0 {
            if symbol.flags & DecodingTable.Entry.endOfBlock != 0 {
                consume(symbol.codeBits)
                endBlock()
                return true
            }
            let isReserved = symbol.flags & DecodingTable.Entry.reserved != 0
            return fail(isReserved ? .reservedLiteral : .unassigned(.literal), bit: bit)
        }
        let lengthBits = symbol.codeBits + symbol.extraBits
        guard bitCount >= lengthBits else { return false }
        let length = symbol.base + peek(symbol.extraBits, from: symbol.codeBits)

        guard let code = entry(of: distances, from: lengthBits) else { return false }
        if code.flags & DecodingTable.Entry.exceptional != 0 {
            let isReserved = code.flags & DecodingTable.Entry.reserved != 0
            return fail(isReserved ? .reservedDistance : .unassigned(.distance), bit: bit + lengthBits)
        }
        let matchBits = lengthBits + code.codeBits + code.extraBits
        guard bitCount >= matchBits else { return false }
        let distance = code.base + peek(code.extraBits, from: lengthBits + code.codeBits)
        return copyMatch(length: length, distance: distance, bits: matchBits, distanceBit: bit + lengthBits)
    }

    private mutating func copyMatch(length: Int, distance: Int, bits: Int, distanceBit: Int) -> Bool {
        guard distance <= position - floor else { return fail(.distanceBeforeStart(distance), bit: distanceBit) }
        if distance > window {
            if overruns == .refused { return fail(.distanceBeyondWindow(distance), bit: distanceBit) }
            if observed.overrun == nil { observed.overrun = .init(bit: distanceBit, distance: distance) }
        }
        observed.largestDistance = max(observed.largestDistance, distance)
        observed.reach = max(observed.reach, distance - (position - messageStart))
        let count = min(length, end - position)
        for index in position..<(position + count) { history[index] = history[index - distance] }
        if count < length {
            let start = bit
            accept(count)
            return fail(.contentLimit, bit: start)
        }
        consume(bits)
        accept(count)
        return true
    }

    /// The next symbol, which begins behind this many bits.
    private struct Symbol {
        var flags: UInt32
        var base: Int
        var codeBits: Int
        var extraBits: Int
    }

    /// Looks up the code that begins behind this many bits; nil if its end has not come yet.
    private func entry(of table: DecodingTable, from first: Int) -> Symbol? {
        var entry = table.entries[peek(table.primaryBits, from: first)]
        var codeBits = 0
        if entry & DecodingTable.Entry.exceptional != 0, entry & DecodingTable.Entry.link != 0 {
            codeBits = table.primaryBits
            let index = Int(entry >> 16) + peek(Int(entry >> 8 & 0xF), from: first + codeBits)
            entry = table.entries[index]
        }
        let isPlain = entry & (DecodingTable.Entry.literal | DecodingTable.Entry.exceptional) == 0
        let all = Int(entry & 0xFF)
        let code = isPlain ? Int(entry >> 8 & 0xF) : all
        codeBits += code
        guard bitCount >= first + codeBits else { return nil }
        return Symbol(flags: entry, base: Int(entry >> 16 & 0x7FFF), codeBits: codeBits, extraBits: all - code)
    }
}

extension DecodingTable.Flaw {
    /// The kind of failure when this code is flawed.
    func kind(_ code: InflateFailure.Code) -> InflateFailure.Kind {
        switch self {
        case .oversubscribed: .oversubscribed(code)
        case .incomplete: .incomplete(code)
        }
    }
}
