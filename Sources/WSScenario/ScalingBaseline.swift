/// Half of a scenario's stimulus, to compare the times that half and all of it take.
///
/// Absolute times say nothing about a peer, but their growth does: twice as much takes twice as long if the cost is
/// linear, and four times as long if everything before is processed again.
package struct ScalingBaseline: Sendable, Hashable, Codable {
    /// The opening of the half.
    package var opening: Opening
    /// The script of the half.
    package var script: [Step]

    /// Creates a baseline.
    package init(opening: Opening = .ordinary, script: [Step] = []) {
        self.opening = opening
        self.script = script
    }
}
