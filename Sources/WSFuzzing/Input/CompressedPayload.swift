import WSDeflate

/// Compresses small payloads in many forms, without regard to size.
package enum CompressedPayload {
    /// A message with this content, or with this content and some of it again.
    ///
    /// The bits of the form: 0 and 1 choose stored, fixed or dynamic codes, or a match into what comes before; 2 sets
    /// BFINAL, 3 puts an empty block before, 4 divides the content into two blocks, 5 ends the message behind a block.
    ///
    /// - Parameters:
    ///   - content: the content.
    ///   - previous: the content to which it may refer.
    ///   - form: how it is written.
    /// - Returns: the message.
    package static func make(_ content: [UInt8], after previous: [UInt8], form: UInt8) -> DeflateRecorder {
        var recorder = DeflateRecorder(after: previous)
        if form & 8 != 0 { recorder.appendStored([]) }
        let half = form & 16 == 0 ? content.count : content.count / 2
        append(Array(content[..<half]), form, to: &recorder)
        if half < content.count { append(Array(content[half...]), form &+ 1, to: &recorder) }
        if form & 32 == 0 { recorder.endMessage() } else { recorder.endAtBorder() }
        return recorder
    }

    private static func append(_ content: [UInt8], _ form: UInt8, to recorder: inout DeflateRecorder) {
        let isFinal = form & 4 != 0
        var symbols = DeflateSymbol.literals(content)
        switch form & 3 {
        case 0: return recorder.appendStored(content, isFinal: isFinal)
        case 1: return recorder.append(symbols, isFinal: isFinal)
        case 2: break
        default:
            // What was just written stands once more behind it.
            symbols += [.match(length: max(3, min(258, content.count)), distance: max(1, min(32_768, content.count)))]
            if content.isEmpty { symbols = recorder.available > 0 ? [.match(length: 3, distance: 1)] : [] }
        }
        recorder.append(symbols, codes: DynamicCodes(for: symbols), isFinal: isFinal)
    }

    /// A message that refers to all that was said before, as far as that goes.
    static func repeating(_ previous: [UInt8]) -> DeflateRecorder {
        var recorder = DeflateRecorder(after: previous)
        let distance = min(32_768, previous.count)
        recorder.append(distance < 3 ? [] : [.match(length: min(258, distance), distance: distance)])
        recorder.endMessage()
        return recorder
    }
}
