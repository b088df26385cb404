package import WSDeflate

/// Writes a compressed message and knows what an inflater has to tell of it.
///
/// It has the writer in common with what it tests, and nothing else: matches are copied and bits are counted here, as
/// plainly as possible.
package struct DeflateRecorder: Sendable {
    /// What an inflater has to tell, but for the length of the payload.
    package private(set) var expected = DeflatedMessage()
    /// The content that has to come out; of a message that ends inside a block the beginning.
    package private(set) var content: [UInt8] = []
    private var writer = DeflateWriter()
    private let previous: [UInt8]
    private let window: Int

    /// Creates a recorder at the beginning of a message.
    ///
    /// - Parameters:
    ///   - previous: the content to which the message may refer.
    ///   - windowBits: the agreed window's size as a power of two.
    package init(after previous: [UInt8] = [], windowBits: Int = 15) {
        self.previous = previous
        window = 1 << windowBits
    }

    /// The payload so far.
    package var payload: [UInt8] { writer.octets }

    /// Whether nothing was written.
    package var isEmpty: Bool { writer.bit == 0 }

    /// How far back a match may lead at this place.
    package var available: Int { min(32_768, previous.count + content.count) }

    // MARK: Blocks

    /// Writes the octets as stored blocks.
    package mutating func appendStored(_ octets: [UInt8], isFinal: Bool = false) {
        let starts = stride(from: 0, to: max(1, octets.count), by: DeflateWriter.longestStored)
        for start in starts {
            let end = min(start + DeflateWriter.longestStored, octets.count)
            let isLast = isFinal && end == octets.count
            begin(.stored, isFinal: isLast)
            accept(Array(octets[start..<end]))
            writer.appendStored(Array(octets[start..<end]), isFinal: isLast)
        }
    }

    /// Writes a block of literals and matches.
    ///
    /// - Parameters:
    ///   - symbols: literals and matches; a match that leads too far makes the message malformed.
    ///   - codes: the codes of a dynamic block; nil for the fixed ones.
    ///   - isFinal: whether BFINAL is set.
    ///   - padding: the bit that fills the last octet of a block with BFINAL set.
    package mutating func append(
        _ symbols: [DeflateSymbol],
        codes: DynamicCodes? = nil,
        isFinal: Bool = false,
        padding: Int = 0
    ) {
        begin(codes == nil ? .fixed : .dynamic, isFinal: isFinal)
        for (index, symbol) in symbols.enumerated() where expected.failure == nil {
            switch symbol {
            case .literal(let octet): accept([octet])
            case .match(let length, let distance):
                copy(length, distance, in: symbols[...index], codes)
            case .bare, .bareDistance: preconditionFailure("what these are worth is not known")
            }
        }
        var end = writer
        Self.append(symbols, codes, isFinal: false, to: &end)
        if isFinal, padding == 1, end.bit % 8 != 0, expected.failure == nil, expected.paddingFault == nil {
            expected.paddingFault = end.bit
        }
        writer.finalPadding = padding
        Self.append(symbols, codes, isFinal: isFinal, to: &writer)
    }

    /// Writes a block that has a defect; a truncated one ends the message.
    ///
    /// A distance before the start is none where there is content before it; then nothing is written.
    package mutating func append(_ defect: DeflateDefect) {
        guard defect != .distanceBeforeStart || available == 0 else { return }
        guard expected.failure == nil else {
            _ = writer.append(defect)
            return
        }
        if let type = defect.blockType { begin(type, isFinal: false) }
        if defect.hasContent { accept(Array("abc".utf8)) }
        expected.failure = writer.append(defect)
        if defect.isTruncation { expected.ending = .insideBlock }
    }

    /// Ends the message with the header of an empty stored block.
    package mutating func endMessage() {
        begin(.stored, isFinal: false)
        writer.endMessage()
        if expected.failure == nil { expected.ending = .emptyBlock }
    }

    /// Ends the message behind a block.
    ///
    /// Three zeros or more in the last octet are the header of an empty stored block all the same.
    package mutating func endAtBorder() {
        guard expected.failure == nil else { return }
        let left = (8 - writer.bit % 8) % 8
        guard left < 3 else { return endMessage() }
        expected.bitsLeft = left
        expected.ending = .border
    }

    private static func append(
        _ symbols: [DeflateSymbol],
        _ codes: DynamicCodes?,
        isFinal: Bool,
        to writer: inout DeflateWriter
    ) {
        if let codes {
            writer.appendDynamic(symbols, codes: codes, isFinal: isFinal)
        } else {
            writer.appendFixed(symbols, isFinal: isFinal)
        }
    }

    // MARK: What is expected

    private mutating func begin(_ type: DeflatedMessage.BlockType, isFinal: Bool) {
        guard expected.failure == nil else { return }
        expected.blockCount += 1
        if isFinal { expected.finalBlockCount += 1 }
        expected.blocks.append(.init(type, isFinal: isFinal, bit: writer.bit, contentLength: 0))
    }

    private mutating func accept(_ octets: [UInt8]) {
        guard expected.failure == nil else { return }
        content += octets
        expected.contentLength += octets.count
        expected.blocks[expected.blocks.count - 1].contentLength += octets.count
    }

    /// Copies a match, the last of these symbols.
    private mutating func copy(
        _ length: Int,
        _ distance: Int,
        in symbols: ArraySlice<DeflateSymbol>,
        _ codes: DynamicCodes?
    ) {
        let before = content.count
        guard distance <= previous.count + before else {
            let bit = distanceBit(in: symbols, codes)
            expected.failure = InflateFailure(.distanceBeforeStart(distance), bit: bit)
            return
        }
        if distance > window, expected.overrun == nil {
            let bit = distanceBit(in: symbols, codes)
            expected.overrun = DeflatedMessage.Overrun(bit: bit, distance: distance)
        }
        expected.largestDistance = max(expected.largestDistance, distance)
        expected.reach = max(expected.reach, distance - before)
        var octets: [UInt8] = []
        for index in (before - distance)..<(before - distance + length) {
            let octet =
                index < 0 ? previous[previous.count + index] : index < before ? content[index] : octets[index - before]
            octets.append(octet)
        }
        accept(octets)
    }

    /// The first bit of the distance's code of the last of these symbols, which is a match.
    private func distanceBit(in symbols: ArraySlice<DeflateSymbol>, _ codes: DynamicCodes?) -> Int {
        guard case .match(let length, _) = symbols.last else { return 0 }
        let (symbol, extraBits) = DeflateRecipe.lengthSymbol(length)
        var writer = writer
        Self.append(symbols.dropLast() + [.bare(symbol)], codes, isFinal: false, to: &writer)
        // Behind it stands the end of the block, where the extra bits and the distance belong.
        return writer.bit - (codes.map { Int($0.literals[256]) } ?? 7) + extraBits
    }
}

extension DeflateDefect {
    /// The form of the block; nil where BTYPE itself is wrong.
    var blockType: DeflatedMessage.BlockType? {
        switch self {
        case .reservedBlockType: nil
        case .lengthCheck, .truncatedStored: .stored
        case .literal286, .literal287, .distance30, .distance31, .distanceBeforeStart, .truncatedFixed: .fixed
        default: .dynamic
        }
    }

    /// Whether the literals "abc" stand before what is wrong.
    var hasContent: Bool {
        switch self {
        case .distance30, .distance31, .distanceBeforeStart, .truncatedFixed: true
        default: false
        }
    }

    /// Whether the message has to end there.
    package var isTruncation: Bool {
        switch self {
        case .truncatedStored, .truncatedFixed, .truncatedCodes: true
        default: false
        }
    }
}
