@B.1.3 @sut:server
Feature: The Controlling Function ends sessions by its release policy, and removes single participants

  @IMSpec-SMM-S-003 @M
  Rule: Sessions without a group end with their originator, or when one is left (7.2.2.5, 7.2.2.8)

    @7.2.2.8-7-1a @7.2.2.8-7 @7.2.2.8-7-1 @7.2.2.5-1
    Scenario: the originator leaves an ad-hoc session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice leaves the session
      Then Bob is released from the session
      And Ted is released from the session

    @7.2.2.8-7-1c @7.2.2.8-7 @7.2.2.8-7-1 @7.2.2.5-1
    Scenario: the invited user leaves a one-to-one session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a running ad-hoc session of Alice and Bob
      When Bob leaves the session
      Then Alice is released from the session

    @7.2.2.8-6 @7.2.2.8-7-1d @7.2.2.8-3 @7.2.2.8-7-1
    Scenario: only the originator is left in an ad-hoc session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob leaves the session
      And Ted leaves the session
      Then Alice is released from the session

    @7.2.2.8-7-1a
    Scenario: the originator leaves while one user has not answered yet
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Carol and Ted
      And Ted lets invitations ring
      When Alice begins to invite Bob, Carol and Ted to an ad-hoc session
      Then Alice is in the session
      When Alice leaves the session
      Then Bob is released from the session
      And Carol is released from the session

    @7.2.2.8-7-1a
    Scenario: an invited user leaves at the same time as the originator
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice and Bob leave the session at the same time
      Then Ted is released from the session

  @IMSpec-SMM-S-003 @M
  Rule: The session of a Pre-defined Group ends as group and operator say (7.2.2.8)

    @7.2.2.8-4a @7.2.2.8-7-1b @7.2.2.8-1 @7.2.2.8-3 @7.2.2.5-1 @set:auto-release
    Scenario: the session of a group ends with its originator
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice leaves the session
      Then Bob is released from the session
      And Ted is released from the session

    @7.2.2.8-6 @7.2.2.8-7-1d @7.2.2.8-1 @7.2.2.8-3
    Scenario: too few participants are left in the session of a group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice leaves the session
      And Ted leaves the session
      Then Bob is released from the session

    @7.2.2.8-4b
    Scenario: the session of a group goes on without its originator
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice leaves the session
      And Bob sends a message in the session
      Then Ted receives the message
      When Ted sends a message in the session
      Then Bob receives the message

    @7.2.2.8-5 @7.2.2.8-7-1e @7.2.2.8-3 @7.2.2.8-7-1 @7.2.2.8-1 @7.2.2.5-1
    Scenario: a session reaches its maximum length
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When the session reaches its maximum length in 1 s
      Then Alice is released from the session
      And Bob is released from the session
      And Ted is released from the session

    @7.2.2.8-2 @7.2.2.8-1
    Scenario: a session is over after the time that its group gives it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule         | value |
        | max-duration | 1     |
      When Alice starts the session of the group Friends
      Then Alice is in the session
      And Alice is released from the session
      And Bob is released from the session

    @7.2.2.8-2 @7.2.2.8-1p
    Scenario: a group wants more participants than the operator does
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                  | value |
        | min-participant-count | 3     |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Ted leaves the session
      Then Alice is released from the session
      And Bob is released from the session

    @7.2.2.8-2
    Scenario: a participant whom the group requires leaves
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                       | value |
        | required-participants-list | Bob   |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Bob leaves the session
      Then Alice is released from the session
      And Ted is released from the session

    @7.2.2.8-7-1f @7.2.2.8-7 @7.2.2.8-7-1 @7.2.2.5-1
    Scenario: a group is deleted while its session runs
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When the group Friends is deleted
      Then Alice is released from the session
      And Bob is released from the session

  @IMSpec-SMM-S-003 @M
  Rule: A participant whom changed rules shut out is removed, and nobody else (7.2.2.8)

    @7.2.2.8-7-2 @7.2.2.8-7-2a @7.2.2.8-7
    Scenario: a participant is no longer a member of the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When the group Friends becomes one of Alice and Ted
      Then Bob is released from the session
