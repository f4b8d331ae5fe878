//! Devices, materials, fees, companions, and where a photo may go.

use super::*;

impl Ground<'_> {
    pub(super) fn row(&self, list: RowList, row_id: &str) -> Result<(), Refusal> {
        let there = self
            .visit
            .rows()
            .iter()
            .any(|(id, r)| *id == row_id && r.list() == list);
        if there {
            Ok(())
        } else {
            Err(Refusal::field(Field::Row))
        }
    }

    pub(super) fn put_row(&self, row_id: &str, row: RowData) -> Decision {
        if self.visit.reached(Milestone::Entered).is_none() {
            return Err(Code::NotEntered.into());
        }
        let filled = |text: &str, field: Field| {
            if text.trim().is_empty() || text.chars().count() > 100 {
                Err(Refusal::field(field))
            } else {
                Ok(())
            }
        };
        match &row {
            RowData::Devices { name, sn, mac, .. } => {
                filled(name, Field::Name)?;
                filled(sn, Field::Sn)?;
                let digits = mac.chars().filter(char::is_ascii_hexdigit).count();
                if !mac.is_empty() && (digits != 12 || mac.len() > 40) {
                    return Err(Refusal::field(Field::Mac));
                }
            }
            RowData::Materials {
                name,
                quantity,
                unit,
            } => {
                filled(name, Field::Name)?;
                filled(unit, Field::Unit)?;
                positive(*quantity, Field::Quantity)?;
            }
            RowData::Fees {
                name,
                unit_price,
                quantity,
                told_at,
                agreed_at,
                channel,
                price,
                unit,
            } => {
                filled(name, Field::Name)?;
                unit.as_ref().map_or(Ok(()), |u| filled(u, Field::Unit))?;
                self.priced(price.as_deref(), *unit_price)?;
                channel
                    .as_ref()
                    .map_or(Ok(()), |c| filled(c, Field::Channel))?;
                positive(*unit_price, Field::UnitPrice)?;
                positive(*quantity, Field::Quantity)?;
                let (Some(told), Some(agreed)) = (told_at, agreed_at) else {
                    return Err(Code::FeeNotAgreed.into());
                };
                self.not_future(*told)?;
                self.not_future(*agreed)?;
                if agreed.ms < told.ms {
                    return Err(Code::WindowReversed.into());
                }
                if self.visit.no_fees() {
                    return Err(Code::FeesDeclaredNone.into());
                }
            }
        }
        one(VisitEvent::RowPut {
            row_id: row_id.to_owned(),
            row,
        })
    }

    /// A fee that follows the pack's price list costs what the list says.
    fn priced(&self, price: Option<&str>, unit_price: Decimal) -> Result<(), Refusal> {
        let Some(id) = price else { return Ok(()) };
        let listed = self.pack.prices.iter().find(|p| p.id == id);
        let listed = listed.ok_or_else(|| Refusal::field(Field::Name))?;
        if unit_price == listed.yuan() {
            Ok(())
        } else {
            Err(Refusal::new(Code::PriceDiffers)
                .with("name", &listed.name.zh)
                .with("name_en", &listed.name.en)
                .with("price", format!("{:.2}", listed.yuan())))
        }
    }

    pub(super) fn add_companion(&self, staff_no: &str, name: &str) -> Decision {
        let (staff_no, name) = (staff_no.trim().to_owned(), name.trim().to_owned());
        let own = self
            .visit
            .opened
            .as_ref()
            .is_some_and(|o| o.technician.staff_no == staff_no);
        let known = self.visit.companions.iter().any(|c| c.staff_no == staff_no);
        let short =
            staff_no.is_empty() || name.is_empty() || staff_no.len() > 40 || name.len() > 120;
        if own || known || short {
            return Err(Code::CompanionInvalid.into());
        }
        one(VisitEvent::CompanionAdded {
            companion: Actor { staff_no, name },
        })
    }
}

fn positive(value: Decimal, field: Field) -> Result<(), Refusal> {
    if value > Decimal::ZERO && value <= Decimal::from(1_000_000) {
        Ok(())
    } else {
        Err(Refusal::field(field))
    }
}

/// Checks where a photo would go before it is taken in.
///
/// # Errors
/// [`Code::VisitSubmitted`], [`Code::AlreadyApproved`], [`Code::InHandover`], [`Code::ItemUnknown`], [`Code::ItemNotActive`],
/// [`Code::NotEntered`], [`Code::RowInvalid`], [`Code::SignedContent`] when it would add to what was signed.
pub fn check_photo(ground: &Ground<'_>, target: &PhotoTarget) -> Result<(), Refusal> {
    let visit = ground.in_force();
    let ground = &ground.under(&visit);
    ground.open()?;
    if ground.visit.in_handover && *target != PhotoTarget::Mark {
        return Err(Code::InHandover.into());
    }
    photo_place(ground, target)?;
    ground.keeps_signed_content(&[VisitEvent::PhotoAdded {
        photo: Photo::planned(target.clone()),
    }])
}

fn photo_place(ground: &Ground<'_>, target: &PhotoTarget) -> Result<(), Refusal> {
    match target {
        PhotoTarget::Item { item } => ground.active(item).map(|_| ()),
        PhotoTarget::Row { row } => {
            let there = ground.visit.rows().iter().any(|(id, _)| id == row);
            if there {
                Ok(())
            } else {
                Err(Refusal::field(Field::Row))
            }
        }
        PhotoTarget::LeaveNote | PhotoTarget::Paper | PhotoTarget::Mark => Ok(()),
    }
}
