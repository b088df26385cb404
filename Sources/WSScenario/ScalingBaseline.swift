/// A scenario's stimulus at half its size, for the comparison of the time that both take.
///
/// Only how the time grows says something about a peer: for twice as much it takes twice as long where the cost is
/// linear, and four times as long where all that came before is gone through again.
package struct ScalingBaseline: Sendable, Hashable, Codable {
    /// The opening at half the size.
    package var opening: Opening
    /// The script at half the size.
    package var script: [Step]

    /// Describes the half.
    package init(opening: Opening = .ordinary, script: [Step] = []) {
        self.opening = opening
        self.script = script
    }
}
