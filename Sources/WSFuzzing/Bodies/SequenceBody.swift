import WSKernels
import WSProtocol

/// Tests sequences of frames made from recipes, so that most inputs are meaningful conversations.
///
/// The decoder and the reassembly are compared with ``ReferenceModel``: fed whole, octet by octet, and cut as the
/// recipe says. Each frame that was read is encoded again. Where compression was agreed on, messages are inflated.
package struct SequenceBody: FuzzBody {
    package static let name = "sequences"
    package static let maximumInputLength = 2048
    package static let shape = InputShape.octets

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var position = 0
        let options = FuzzOptions.read(input, at: &position)
        let permittedRSV: UInt8 = options.permitsRSV1 ? 4 : 0
        let recipes = FrameRecipe.read(input.extracting(position..<input.count))
        let compression = options.compression
        let (stream, borders) = FrameRecipe.stream(of: recipes, sender: options.sender, compression: compression)
        var settings = ReferenceModel.Settings(sender: options.sender, permittedRSV: permittedRSV)
        if compression != nil {
            settings.compression = compression
            settings.permittedRSV = 0
            settings.isLenient = true
        }
        let expected = ReferenceModel.outcome(of: stream, settings)
        let feedings = [
            [stream[...]], stream.indices.map { stream[$0...$0] },
            FuzzInput(stream: stream, cuts: borders.map { $0 - 1 }).pieces,
        ]
        for feeding in feedings {
            if let finding = ModelComparison.compare(feeding: feeding, of: stream, with: expected, settings) {
                return finding
            }
        }
        return writeAgain(stream, options)
    }

    /// Reads the frames of the stream and encodes them, which has to give the stream.
    private func writeAgain(_ stream: [UInt8], _ options: FuzzOptions) -> Finding? {
        var decoder = FrameDecoder()
        var written: [UInt8] = []
        var header: FrameHeader?
        var position = 0
        while let event = decoder.next(in: stream.span, at: &position) {
            switch event {
            case .header(let new, _):
                header = new
                new.encode(into: &written)
            case .payload(let chunk, let offset):
                var plain: [UInt8] = []
                let key = header?.maskingKey?.rawValue ?? 0
                Masking.append(stream.span.extracting(chunk), key: key, phase: Int(offset & 3), to: &plain)
                Masking.append(plain.span, key: key, phase: Int(offset & 3), to: &written)
            case .end: header = nil
            }
        }
        guard stream.starts(with: written) else {
            return Finding("frames are written as they were read", "\(Hex.encode(stream))\n\(Hex.encode(written))")
        }
        return nil
    }
}
