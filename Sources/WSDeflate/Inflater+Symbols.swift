/// The symbols of a block (RFC 1951 section 3.2.5).
extension Inflater {
    /// Reads symbols, the usual ones in the fast loop and one in any case; returns as `step` does.
    mutating func readSymbols(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
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
