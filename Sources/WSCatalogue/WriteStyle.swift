import WSScenario

/// The three ways in which Autobahn writes the same frames.
enum WriteStyle: CaseIterable {
    /// All frames in one write.
    case whole
    /// Each frame in a write of its own.
    case frameWise
    /// Each octet in a write of its own.
    case octetWise

    /// How frames are cut into writes.
    var pacing: WritePacing {
        switch self {
        case .whole: .together
        case .frameWise: .separately
        case .octetWise: .pieces(1)
        }
    }

    /// What is added to an id.
    var suffix: String {
        switch self {
        case .whole: ""
        case .frameWise: "-frame-wise"
        case .octetWise: "-octet-wise"
        }
    }

    /// What is added to a title.
    var phrase: String {
        switch self {
        case .whole: "in one write"
        case .frameWise: "written one frame at a time"
        case .octetWise: "written one octet at a time"
        }
    }
}
