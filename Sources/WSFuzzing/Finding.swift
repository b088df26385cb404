/// A property that a fuzz body found violated, and the evidence.
package struct Finding: Error, Sendable, Hashable, CustomStringConvertible {
    /// The violated property, as a sentence.
    package var property: String
    /// The evidence, on any number of lines.
    package var detail: String

    /// Creates a finding.
    package init(_ property: String, _ detail: String = "") {
        self.property = property
        self.detail = detail
    }

    /// The property, followed by the evidence.
    package var description: String { detail.isEmpty ? property : "\(property)\n\(detail)" }
}

/// A fuzz target as a value: it takes an input and returns a finding.
///
/// A body keeps nothing but its buffers from run to run: the same input gives the same result, whatever came before. It
/// does not depend on a fuzzer, so a test, a corpus or a socket can drive it, too.
package protocol FuzzBody: SendableMetatype {
    /// The name of the target and of its folders.
    static var name: String { get }
    /// The longest useful input in octets.
    static var maximumInputLength: Int { get }
    /// The structure of the inputs, for mutations.
    static var shape: InputShape { get }

    /// Creates a body.
    init()

    /// Tests one input.
    ///
    /// - Returns: The violated property; nil if there is none.
    mutating func run(_ input: Span<UInt8>) -> Finding?
}

/// The structure of inputs, which a mutator can keep.
package enum InputShape: Sendable, Hashable {
    /// Options and a stream of frames, cut into pieces (``FuzzInput``).
    case frames
    /// Octets without a structure that a mutator could keep.
    case octets
}
