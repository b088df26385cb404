/// The codes of a dynamic block (RFC 1951 section 3.2.7).
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

    mutating func readCodeCounts(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
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

    mutating func readCodeLengthLengths(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
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

    mutating func readCodeLength(_ input: Span<UInt8>, _ offset: inout Int) -> Bool {
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
