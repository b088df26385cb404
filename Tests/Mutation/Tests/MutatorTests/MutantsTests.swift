import MutationSwitch
import Testing

/// Without a mutant that is on, everything is what it was.
@Suite struct MutantsTests {
    @Test func `operators have their own values`() {
        #expect(Mutants.less(1, 2, 0, turning: true) && !Mutants.less(2, 2, 0, turning: true))
        #expect(Mutants.lessOrEqual(2, 2, 0, turning: true) && !Mutants.lessOrEqual(3, 2, 0, turning: true))
        #expect(Mutants.greater(3, 2, 0, turning: true) && !Mutants.greater(2, 2, 0, turning: true))
        #expect(Mutants.greaterOrEqual(2, 2, 0, turning: true) && !Mutants.greaterOrEqual(1, 2, 0, turning: true))
        #expect(Mutants.plus(5, 3, 0) == 8 && Mutants.minus(5, 3, 0) == 2)
        #expect(Mutants.plus([1], [2], 0) == [1, 2])
        #expect(Mutants.wrappingPlus(255 as UInt8, 1, 0) == 0 && Mutants.wrappingMinus(0 as UInt8, 1, 0) == 255)
        #expect(Mutants.bitAnd(6, 3, 0) == 2 && Mutants.bitOr(6, 3, 0) == 7 && Mutants.bitXor(6, 3, 0) == 5)
        #expect(Mutants.shiftLeft(1, 3, 0) == 8 && Mutants.shiftRight(8, 3, 0) == 1)
        #expect(Mutants.least(1, 2, 0) == 1 && Mutants.most(1, 2, 0) == 2 && Mutants.number(4, 0) == 4)
    }

    @Test func `conditions and results have their own values`() {
        for value in [true, false] {
            #expect(Mutants.constant(value, 0) == value && Mutants.always(value, 0) == value)
            #expect(Mutants.never(value, 0) == value && Mutants.turned(value, 0) == value)
            for other in [true, false] {
                #expect(Mutants.and(value, other, 0) == (value && other))
                #expect(Mutants.or(value, other, 0) == (value || other))
            }
        }
        #expect(Mutants.keeps(0) && Mutants.result(3, nil, 0) == 3)
    }

    @Test func `the right side is evaluated only where it was`() {
        var count = 0
        func next() -> Bool {
            count += 1
            return true
        }
        #expect(!Mutants.and(false, next(), 0) && Mutants.or(true, next(), 0))
        #expect(count == 0)
    }
}
