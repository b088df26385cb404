/// Something that a fuzz body found: which property does not hold, and what shows it.
package struct Finding: Error, Sendable, Hashable, CustomStringConvertible {
    /// The property that does not hold, as a sentence.
    package var property: String
    /// What shows it, over as many lines as it takes.
    package var detail: String

    /// A finding against the property.
    package init(_ property: String, _ detail: String = "") {
        self.property = property
        self.detail = detail
    }

    /// The property and, below it, what shows that it does not hold.
    package var description: String { detail.isEmpty ? property : "\(property)\n\(detail)" }
}

/// One fuzz target as a plain value: input in, finding out.
///
/// A body keeps its buffers from run to run, and nothing else: the same input gives the same answer, whatever came
/// before it. It knows nothing of the fuzzer that drives it, so a test, a corpus or a socket can do that, too.
package protocol FuzzBody: SendableMetatype {
    /// The name of the target, which is that of its folders.
    static var name: String { get }
    /// The longest input that is worth having.
    static var maximumInputLength: Int { get }
    /// How inputs of this target are made of each other.
    static var shape: InputShape { get }

    /// A body before its first run.
    init()

    /// Tries one input.
    ///
    /// - Returns: what does not hold; nil when everything does.
    mutating func run(_ input: Span<UInt8>) -> Finding?
}

/// What the mutator may take an input for.
package enum InputShape: Sendable, Hashable {
    /// Options and a stream of frames, cut into pieces (``FuzzInput``).
    case frames
    /// Octets; no structure that a mutator could keep.
    case octets
}
